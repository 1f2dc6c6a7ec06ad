"""A conference to look at: made through the public interface, acted by simulated rooms over the public protocol."""
