"""Figures and charts: pure functions over rows. What is heavy is imported where it is used: in a job's process."""
