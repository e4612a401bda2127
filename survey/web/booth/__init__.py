"""The phone: anonymous, no account, no session, no record of people in sight."""
