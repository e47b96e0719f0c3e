package dev.rallypoint.house.planted.homeless.cellar;

/** In a room that no floor has. */
record Barrel(String content) {}
