#pragma once
#include "enxerto/base/progress.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/workflow/row_roles.h"

namespace enxerto {

/// Says how many groups there are, and what stands alone.
void notice_groups(const ExampleGroups& groups, const ReadRows& rows, Progress& progress);

/// Says which examples to learn from, or to be split, are copies of others, and which contents stand with two answers:
/// how many, and the first two by name.
void notice_repeated(const RowRoles& roles, const ReadRows& rows, Progress& progress);

/// Of a test part of its own: which examples of it stand there under two answers.
void notice_contradicting_test(const RowRoles& roles, const ReadRows& rows, Progress& progress);

/// Says that the test part is of so few groups that its interval, which takes examples for independent, tells nothing
/// of others.
void notice_few_groups(const RowRoles& roles, const ReadRows& rows, Progress& progress);

/// Says which contents and groups of the data's own test and validation parts are in another part too.
/// Returns how many test rows have a content that training or validation has.
std::size_t notice_shared(const RowRoles& roles, const ReadRows& rows, Progress& progress);

/// Says how much of the texts of the test part stands in the training part word for word, where texts are what is
/// learned. What both have is shown, and no part of any record.
void notice_overlap(const RowRoles& roles, const ReadRows& rows, Progress& progress);

/// Says where the test part, or the validation part, has fewer than 30 examples or fewer than 5 of a class.
/// `validation` begins the sentence on the latter: "the validation part has"; "" where it chooses nothing.
void notice_small_parts(const RowRoles& roles, const ReadRows& rows, std::string_view validation, Progress& progress);

}  // namespace enxerto
