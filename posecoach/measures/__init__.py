"""Named measures of a body: values over time, their units, and why a value is missing.

What a value means for a person is not said here: limits and words are the rule files'.
"""
