"""The shopper's page: Streamlit, talking HTTP to ``register`` and ``recommend`` only."""
