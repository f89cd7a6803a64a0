"""What lies in a service's folder, beside `presence`'s lock."""

DATABASE = "service.sqlite3"
FILES = "files"
