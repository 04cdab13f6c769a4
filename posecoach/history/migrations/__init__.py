"""How the tables came to be, step by step: each file in ``versions`` leads from one schema to the next, and is never changed again."""
