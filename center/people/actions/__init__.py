"""What is done to accounts, passkeys and roles: each action loads, asks the table of powers, saves and journals."""
