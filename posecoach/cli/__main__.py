"""`python -m posecoach.cli`, the command line where no `posecoach` is installed on the path."""

from posecoach.cli.main import main

main(prog_name="posecoach")
