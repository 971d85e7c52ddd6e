"""The Lambda runtime of Python functions. It must run on every Python for which Lambda has a runtime."""
