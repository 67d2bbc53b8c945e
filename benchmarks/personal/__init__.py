"""One personal report of three pages, as a document and as the same content in HTML."""
