"""Runs jobs in processes of this machine or on the workers of a cluster, so that a crash or a hang takes down one job only.

Nothing here knows what the jobs are.
"""
