"""What the functions share. Deployed, this folder lies beside each function's main.py."""
