"""People who act: accounts and, later, sign-in by Flask-Security."""
