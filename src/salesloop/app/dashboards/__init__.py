"""The overview: what needs the reader, how it stands, why and where."""
