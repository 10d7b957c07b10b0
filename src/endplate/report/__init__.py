"""Looks at a course and computes nothing: tables, figures and one self-contained HTML page."""
