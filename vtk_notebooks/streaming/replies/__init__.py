"""Replies: policies that watch a stream and say after each frame whether to speak."""

from vtk_notebooks.streaming.replies.speak_gate import SpeakGate as SpeakGate
