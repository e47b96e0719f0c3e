package dev.rallypoint.architecture.planted.unlisted.storage;

/** In a part that has no layer. */
record Container(String content) {}
