"""Dates as people and programs write them.

reader            a text to a moment in UTC, or why it names none
forms             the stated forms: whatever is in none of them is not a date
zones             names of time zones: how far each is ahead of UTC, and which may mean several
months            names of months and weekdays
file_name         the day that a file's name or its folders tell
"""
