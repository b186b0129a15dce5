#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether the name ends in .csv, .tsv or .tab.
bool is_table_name(const std::filesystem::path& path);

/// Opens a table with a header (RFC 4180: fields in quotes, quotes doubled; separated by commas, by semicolons where
/// the header has no comma, by tabs in .tsv and .tab; UTF-8 with or without a byte order mark; decimal points, never
/// commas). Case does not matter in the names of columns that are looked for:
///   pictures  the column file, path, image, filename or name, else the first; relative to `images`
///   groups    the column `options.group`, else the column group: what no split may divide; an empty cell stands alone
///   parts     the column split, where there is one: train, validation (val, valid) or test in each row
///   targets   the column labels (or tags): several labels in one cell, separated by | or, where no cell has one, by ;
///             or, where no cell has that either, by spaces (an empty cell has none): multi_label
///             the column label (or class): classes, sorted by name
///             else all others but id, index and such without a name: all 0 and 1: multi_label; all numbers:
///             regression; a single one of text: classes, or several labels where there is a | in it
/// Nothing but the table is read; that each picture is there is looked at. Throws Error{usage} for options that do not
/// fit, Error{data} naming file:line for a ragged row, a cell that is no number or no part, a missing picture, an empty
/// name or label, a table without rows, one class only.
DataParts open_csv(const std::filesystem::path& path, const TableOptions& options = {},
                   Progress& progress = no_progress());

/// `options` of a table that is to be read as one with targets like `wanted`: its kind, and its names where they are
/// columns. What the options say already stays, and a path that is no table gets them as they are. Throws Error{data}.
TableOptions as_wanted(TableOptions options, const std::filesystem::path& path, const TargetSpec& wanted);

/// The names of a table's columns. Throws Error{data}.
std::vector<std::string> csv_columns(const std::filesystem::path& path);

}  // namespace enxerto
