#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "enxerto/base/progress.h"
#include "enxerto/base/stored_rows.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/workflow/row_roles.h"

namespace enxerto {

/// Two parts of the examples, by their rows.
struct ComparedParts {
  std::span<const std::size_t> learned, held_out;
  std::string_view name;  ///< of what is held out: "test"
};

/// What near copies are looked for by: row i of `features` is that of row i of the examples.
struct NearCopyEvidence {
  const StoredRows& features;
  const Preprocessor& preprocessor;
  int threads = 1;
};

/// Examples that are held out and nearly the same as one that is learned from: saved again, resized, mirrored.
struct NearCopies {
  std::size_t count = 0, looked_at = 0;
  std::size_t held_out = 0, learned = 0;  ///< rows: the first of them, and what it is nearly the same as
  bool at_least = false;                  ///< there were more candidates than are looked at
};

/// The correlation of fingerprints from which on two examples are nearly the same, where examples of these data that
/// are no copies correlate by `alike`: from 0.88 where that is 0.15, from 0.99 where it is 0.6.
double least_of_near_copies(double alike);

/// Features find the candidates, their fingerprints (media/fingerprints.h) decide. Left out are copies to the byte, of
/// which `notice_shared` speaks, and pairs of one group. Of a part for which that would take more than some seconds an
/// even sample is looked at. Nothing is found of examples that have no fingerprints, whose features are no matrix or
/// whose input varies in size. Throws Error{interrupted}.
NearCopies near_copies(const ReadRows& rows, const RowRoles& roles, const ComparedParts& parts,
                       const NearCopyEvidence& evidence, const Progress& progress);

/// Says how many there are, the first pair by name, and what to do. Returns how many.
std::size_t notice_near_copies(const ReadRows& rows, const RowRoles& roles, const ComparedParts& parts,
                               const NearCopyEvidence& evidence, Progress& progress);

}  // namespace enxerto
