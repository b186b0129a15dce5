#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether the name ends in .csv, .tsv, .tab, .jsonl or .ndjson.
bool is_table_name(const std::filesystem::path& path);

/// Opens a table: lines of JSON objects (.jsonl), or CSV with a header (RFC 4180: fields in quotes, quotes doubled;
/// separated by what a first line "sep=;" says, by tabs in .tsv and .tab, else by the first of , ; tab | that the
/// header has; UTF-8 with or without a byte order mark; decimal points, never commas; blank rows are passed over); one
/// of two columns, texts and labels, may be without a header (`names_without_header`). Columns are found by their names
/// (`column_names`) and by what is in them:
///   texts     the columns `options.texts`; else `options.learned`, where all are there; else, where no column has the
///             names of files, two called sentence1 and sentence2 (premise and hypothesis ..: `column_pairs`), one
///             called text, sentence, review .., or the one with most to read. Then the examples are those texts, and
///             there are no pictures
///   pictures  a column called image, path, file_name .. or one whose cells end as files do, else the first that is no
///             target; relative to `images`; found as `ListedFiles` does
///   groups    the column `options.group`, else the column group: what no split may divide; an empty cell stands alone
///   parts     the column split, or one called set, part .. or otherwise whose cells all name a part (`part_named`), or
///             a column is_valid, is_test, is_train of true and false; a column fold of whole numbers, of which
///             `options.fold` is tested on, of clips else the last one (see `TableOptions`)
///   targets   the column labels (or tags): several labels in one cell, separated by the first of | ; , and spaces that
///             a cell has (an empty cell has none): multi_label
///             the column label (or class, category .., and target where there are folds): classes, sorted by name;
///             numbers where some are not whole
///             else all others but id, index and such without a name: all 0 and 1, or several of true and false or of
///             1 and -1: multi_label; all numbers: regression; a single one of text: classes, or several labels where
///             there is a | in it
/// Nothing but the table is read; that each picture is there is looked at. Throws Error{usage} for options that do not
/// fit, Error{data} naming file:line for a ragged row, a cell that is no number or no part, an empty name or label, a
/// table without rows or header, pictures that are all missing. Notices say what was chosen by content, what is not
/// used, and which pictures are missing. What is wrong with a row goes to `watch.faults`.
DataParts open_csv(const std::filesystem::path& path, const TableOptions& options = {},
                   const DataWatch& watch = no_progress());

/// `options` of data that are to be read as those with targets like `wanted`: the kind where the data can give it
/// (`can_give`), and of a table its kind, and its names where they are columns. What the options say already stays.
/// Throws Error{data}.
TableOptions as_wanted(TableOptions options, const std::filesystem::path& path, const TargetSpec& wanted);

/// The names of a table's columns. Throws Error{data}.
std::vector<std::string> csv_columns(const std::filesystem::path& path);

}  // namespace enxerto
