#pragma once
#include <cstdio>
#include <exception>

/// What a program of a comparison ends with: 2 for another number of arguments, 1 for an error, which it prints.
inline int run_program(int count, int wanted, char** arguments, void (*run)(char** arguments)) {
  if (count != wanted) return 2;
  try {
    run(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
