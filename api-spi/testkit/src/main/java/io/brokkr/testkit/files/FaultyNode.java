package io.brokkr.testkit.files;

/** What a name in a folder stands for. */
sealed interface FaultyNode permits FaultyFile, FaultyFolder {}
