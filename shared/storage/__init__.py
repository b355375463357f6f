"""The stores: ports, and an adapter for each kind of address."""
