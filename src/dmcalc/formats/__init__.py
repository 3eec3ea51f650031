"""Formats, one file each, all with one function: ``render(result, style) -> str``.

A renderer computes nothing. For machines it takes what ``documents.fields`` reads of it;
for people it lays out the page that ``pages`` makes of the result. ``registry`` lists the formats.
"""
