"""The company's workspace: the one place where the app touches the store and the definitions."""
