"""A whole cluster on one machine: PostgreSQL, NATS, HAProxy and servers, each a process that can be stopped, killed or
frozen. `python -m server.demo.cluster` shows it with a conference under way; the tests rehearse faults with it."""
