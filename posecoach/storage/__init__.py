"""What is kept on disc: landmark files, records of finished clips, results, calibrations and rosters, and the output folder they lie in.

What people read of it is made in `posecoach.reports`.
"""
