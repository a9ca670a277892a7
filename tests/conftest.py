"""Settings that all tests share."""

import os

import hypothesis

# A slow or busy machine is not a wrong answer.
hypothesis.settings.register_profile("vtk", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("vtk")
