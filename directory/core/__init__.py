"""Foundations without domain: database, geography, text, time, jobs, errors."""
