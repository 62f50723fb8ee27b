"""Lectures as files: the layout of slides, once, and the formats that they are written in."""
