"""Outlines of neighbours, drawn by different hands, made to meet on one line."""
