#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/data/csv.h"
#include "tests/data/workplace.h"

namespace enxerto::testing {

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A folder with pictures 1.jpg to 4.jpg.
class CsvTables : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"1.jpg", "2.jpg", "3.jpg", "4.jpg"}) place_.write(name, name);
  }

  DataParts open(std::string_view text, const TableOptions& options = {}, const std::string& name = "t.csv") {
    return open_csv(place_.write(name, text), options, listener_);
  }

  std::string refusal(std::string_view text, const TableOptions& options = {}, ErrorKind kind = ErrorKind::data) {
    try {
      open(text, options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error for " << text;
    return "";
  }

  Workplace place_;
  Listener listener_;
};

}  // namespace enxerto::testing
