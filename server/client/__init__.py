"""The public protocol from the other side: what the simulator, the command line and the benches use."""
