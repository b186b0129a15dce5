#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace enxerto {

/// One thing that was looked at.
struct VerifyCheck {
  std::string name;  ///< "model.safetensors", "parameters", "golden outputs", ..
  bool ok = false;
  bool changed = false;     ///< a file that is not as it was saved; where `ok`, one that people may edit
  std::string detail = {};  ///< what was found, in words
};

struct VerifyReport {
  std::vector<VerifyCheck> checks;
  bool ok() const;  ///< all of them
};

/// How far a golden output may be from what was saved, room for another processor's fp32: probabilities by this much,
/// values by this share of the largest (at least 1).
inline constexpr double kGoldenTolerance = 1e-4;

/// Looks at a saved model from outside in: the manifest, size and hash of each file, that the parts fit together, that
/// every parameter is finite, and that the golden inputs give the golden outputs in fp32 within kGoldenTolerance. Ends
/// early where nothing can be read any more. The model card, the report, the recipe and the history may have been
/// edited: then they are `changed` and still `ok`. Damage is reported, not thrown; throws Error{weights} where `path`
/// is no model at all and Error{other} where the engine is missing.
VerifyReport verify(const std::filesystem::path& path, int threads = 0);

}  // namespace enxerto
