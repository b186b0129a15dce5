#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/data_summary.h"
#include "enxerto/files/json.h"

namespace enxerto::cli {

/// What data hold: parts, the table of the classes (their examples, boxes and sizes, or shares of pixels), sizes,
/// formats. `what`: the data, as they were named.
void print_summary(const DataSummary& data, std::string_view what);

/// The same table of names.
Json names_json(const DataSummary& data);

/// How many examples repeat another one, how many contents stand with different answers, and the first few of them;
/// nothing where there are none. The same as members "duplicates" and "conflicts".
void print_same(std::vector<SameContent> same);
Json same_json(const std::vector<SameContent>& same);

/// The heading and the first few of `count` lines; nothing where there are none.
void print_first(std::string_view heading, std::size_t count, const std::function<std::string(std::size_t)>& line);

/// "labels/a.txt:3: no width".
std::string line_of(const ErrorText& finding);

/// How many, and the first ten of each kind, a line each; below those of one kind, what would have been right and what
/// to try. `all_of_them`: where more are said, behind "and 5 more".
void print_wrong(const std::vector<ErrorText>& wrong, std::string_view all_of_them = " (--json lists all)");

}  // namespace enxerto::cli
