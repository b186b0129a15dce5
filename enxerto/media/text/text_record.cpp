#include "enxerto/media/text/text_record.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr std::int64_t kLongest = std::int64_t{1} << 20;

[[noreturn]] void refuse(std::string_view where, std::string_view key, std::string found, std::string expected) {
  throw data_error(fmt::format("{}: {}", where, key), std::move(found), std::move(expected));
}

std::string text_in(const Json& value, std::string_view where, std::string_view key) {
  if (!value.is_string()) refuse(where, key, fmt::format("{}", value.type_name()), "a text");
  return value.get<std::string>();
}

/// Reads one member into the record.
struct Member {
  std::string_view name;
  void (*read)(const Json& value, std::string_view where, TextPreprocess& into);
};

void read_tokenizer(const Json& value, std::string_view where, TextPreprocess& into) {
  into.tokenizer = text_in(value, where, "tokenizer");
}

void read_max_length(const Json& value, std::string_view where, TextPreprocess& into) {
  if (!value.is_number_integer()) refuse(where, "max_length", value.dump(), "a whole number of tokens; 0: no limit");
  into.max_length = value.get<std::int64_t>();
}

void read_positions(const Json& value, std::string_view where, TextPreprocess& into) {
  if (!value.is_number_integer() || value < 0) refuse(where, "positions", value.dump(), "a whole number of tokens");
  into.positions = value.get<std::int64_t>();
}

void read_inputs(const Json& value, std::string_view where, TextPreprocess& into) {
  if (!value.is_array()) refuse(where, "inputs", value.type_name(), "a list of names");
  into.inputs.clear();
  for (const Json& name : value) into.inputs.push_back(text_in(name, where, "inputs"));
}

void read_truncation(const Json& value, std::string_view where, TextPreprocess& into) {
  const std::string word = text_in(value, where, "truncation");
  const auto strategy = from_word<TruncationStrategy>(word);
  if (!strategy)
    refuse(where, "truncation", fmt::format("'{}'", as_utf8(word)),
           fmt::format("{}", fmt::join(kWords<TruncationStrategy>, ", ")));
  into.truncation = *strategy;
}

void read_truncation_side(const Json& value, std::string_view where, TextPreprocess& into) {
  into.truncation_side = text_in(value, where, "truncation_side");
}

void read_prefix(const Json& value, std::string_view where, TextPreprocess& into) {
  into.prefix = text_in(value, where, "prefix");
}

void read_stride(const Json& value, std::string_view where, TextPreprocess& into) {
  if (!value.is_number_integer())
    refuse(where, "stride", value.dump(), "a whole number of tokens; below 0: no windows");
  into.stride = std::max<std::int64_t>(value.get<std::int64_t>(), -1);
}

constexpr std::array<Member, 8> kMembers{{{"tokenizer", read_tokenizer},
                                          {"max_length", read_max_length},
                                          {"positions", read_positions},
                                          {"inputs", read_inputs},
                                          {"truncation", read_truncation},
                                          {"truncation_side", read_truncation_side},
                                          {"prefix", read_prefix},
                                          {"stride", read_stride}}};

}  // namespace

Json to_json(const TextPreprocess& preprocess) {
  const TextPreprocess usual;
  Json record{{"kind", "text"},
              {"tokenizer", preprocess.tokenizer},
              {"max_length", preprocess.max_length},
              {"inputs", preprocess.inputs}};
  if (preprocess.positions != usual.positions) record["positions"] = preprocess.positions;
  if (preprocess.truncation != usual.truncation) record["truncation"] = word_of(preprocess.truncation);
  if (preprocess.truncation_side != usual.truncation_side) record["truncation_side"] = preprocess.truncation_side;
  if (preprocess.prefix != usual.prefix) record["prefix"] = preprocess.prefix;
  if (preprocess.stride != usual.stride) record["stride"] = preprocess.stride;
  return record;
}

TextPreprocess text_preprocess_from_json(const Json& record, std::string_view where) {
  TextPreprocess preprocess;
  for (const auto& [key, value] : record.items()) {
    const auto* const row = std::ranges::find(kMembers, key, &Member::name);
    if (row == kMembers.end()) {
      std::vector<std::string> names;
      for (const Member& member : kMembers) names.emplace_back(member.name);
      refuse(where, as_utf8(key), fmt::format("not a member of a text's record{}", did_you_mean(key, names)),
             fmt::format("{}", fmt::join(names, ", ")));
    }
    row->read(value, where, preprocess);
  }
  if (!record.contains("tokenizer")) refuse(where, "tokenizer", "missing", "the text of a tokenizer.json");
  return preprocess;
}

void check(const TextPreprocess& preprocess, const Tokenizer& tokenizer, std::string_view where) {
  if (preprocess.max_length < 0 || preprocess.max_length > kLongest)
    refuse(where, "max_length", fmt::format("{}", preprocess.max_length), fmt::format("0 to {}", kLongest));
  if (preprocess.positions > 0 && (preprocess.max_length == 0 || preprocess.max_length > preprocess.positions))
    refuse(where, "max_length", fmt::format("{}", preprocess.max_length),
           fmt::format("1 to {}, the network's positions", preprocess.positions));
  const std::size_t added = tokenizer.template_tokens(false);
  if (preprocess.max_length > 0 && to_size(preprocess.max_length) <= added)
    refuse(where, "max_length", fmt::format("{}", preprocess.max_length),
           fmt::format("more than the {} tokens that the tokenizer adds to each text", added));
  const auto room = preprocess.max_length - static_cast<std::int64_t>(tokenizer.template_tokens(true));
  if (preprocess.stride >= 0 && (preprocess.max_length == 0 || preprocess.stride >= room))
    refuse(where, "stride", fmt::format("{}, in windows of {} tokens", preprocess.stride, preprocess.max_length),
           preprocess.max_length == 0 ? "a max_length, which is how long a window is"
                                      : fmt::format("below {}, the room for text in each", room));
  if (preprocess.truncation_side != "left" && preprocess.truncation_side != "right")
    refuse(where, "truncation_side", fmt::format("'{}'", as_utf8(preprocess.truncation_side)), "left or right");
  if (std::ranges::find(preprocess.inputs, "input_ids") == preprocess.inputs.end())
    refuse(where, "inputs", fmt::format("{}", fmt::join(preprocess.inputs, ", ")), "input_ids among them");
  if (as_utf8(preprocess.prefix) != preprocess.prefix)
    refuse(where, "prefix", "bytes that are not UTF-8", "text in UTF-8");
}

}  // namespace enxerto
