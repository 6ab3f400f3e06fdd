"""What every test stands on: see environment.py for the database and make.py for the rows."""
