#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

inline constexpr std::size_t kBleuOrder = 4;

/// The version of sacrebleu whose figures ours are (Post 2018, arXiv:1804.08771), as its signatures say it.
inline constexpr std::string_view kSacrebleuVersion = "2.6.0";

/// What BLEU is made of, of a text or the sum over many.
struct BleuCounts {
  std::uint64_t said = 0, right_length = 0;          ///< tokens: of what was said, of the reference closest in length
  std::array<std::uint64_t, kBleuOrder> right = {};  ///< runs of 1 to 4 tokens that a reference has too
  std::array<std::uint64_t, kBleuOrder> of = {};     ///< .. of so many
  BleuCounts& add(const BleuCounts& other, std::uint64_t times = 1);
};

/// A text as mteval-v13a.pl divides it (sacrebleu's tokenizer "13a"): tokens with one space between them.
std::string tokenised_13a(std::string_view text);

/// Of one text against its references, at least one.
BleuCounts bleu_counts(std::string_view said, std::span<const std::string_view> references);

/// BLEU (Papineni et al. 2002), 0 to 100, as sacrebleu computes it: 0 without any common token; an order of which
/// nothing is right counts as half of the one before such (smoothing "exp"). `effective_order`: orders longer than the
/// text are left out, as is usual for single sentences.
double bleu(const BleuCounts& counts, bool effective_order = false);

/// What makes the figure comparable: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0".
std::string bleu_signature(bool effective_order = false, std::size_t references = 1);

}  // namespace enxerto
