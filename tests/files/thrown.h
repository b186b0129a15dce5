#pragma once
#include <gtest/gtest.h>

#include <string>

#include "enxerto/base/error.h"

namespace enxerto {

/// The Error that `work` throws; a failure of the test where it throws none.
template <typename Work>
Error thrown_by(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::other, {.where = "", .found = "", .expected = "", .tip = ""}};
}

inline void expect_says(const Error& error, ErrorKind kind, const std::string& part) {
  EXPECT_EQ(error.kind(), kind) << error.what();
  EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what() << "\nlacks: " << part;
}

}  // namespace enxerto
