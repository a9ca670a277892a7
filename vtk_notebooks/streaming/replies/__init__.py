"""Replies: policies that watch a stream and say after each frame whether to speak."""

from vtk_notebooks.streaming.replies.live_decoder import LiveDecoder as LiveDecoder
from vtk_notebooks.streaming.replies.speak_decision import SpeakDecision as SpeakDecision
from vtk_notebooks.streaming.replies.speak_gate import SpeakGate as SpeakGate
