"""Looks into PDF, JPEG and PNG files, each in a confined child process that may be killed at any time.

A program of its own (`serving`), which imports nothing of the portal; nothing of the portal imports it.
"""
