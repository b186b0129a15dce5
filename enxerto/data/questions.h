#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/span_target.h"

namespace enxerto {

/// An answer as a file has it.
struct GivenAnswer {
  std::string text;
  std::int64_t start = 0;  ///< where it begins in the context: characters (code points) as SQuAD counts
};

/// A question as a file has it.
struct GivenQuestion {
  std::string id = {}, question = {};
  std::vector<GivenAnswer> answers = {};
  bool labelled = true;  ///< false where the file says nothing of answers, not even that there is none
};

/// Questions on contexts, in memory; a context is kept once. Answers are looked up when a question is added.
class Questions {
 public:
  /// Number of the context with this text, called `name` where it is new.
  std::size_t add_context(std::string text, const std::string& name);

  /// An answer that does not stand at its place is looked for: its start may count bytes, or it stands elsewhere, and
  /// is taken from the nearest place. A question none of whose answers is in its context is left out.
  void add(std::size_t context, GivenQuestion question);

  std::size_t size() const { return questions_.size(); }
  bool some_have_none() const { return without_answer_ > 0; }

  /// Says of the file `name` which answers were not where they should be, and which identifiers stand twice.
  void report(const std::string& name, const DataWatch& watch) const;

  /// {question, context} of texts, answered by spans: of two parts the names must be the same, so `some_have_none` is
  /// that of all.
  static DatasetPtr dataset(std::shared_ptr<const Questions> questions, bool some_have_none);

 private:
  friend class QuestionsDataset;
  struct Question {
    std::string id = {}, text = {};
    std::size_t context = 0;
    std::vector<ByteSpan> answers = {};
    bool labelled = true;
  };
  struct Context {
    std::shared_ptr<const std::string> text;
    std::string name;
    std::vector<std::size_t> begins;  ///< of each code point, bytes; last, the end
  };
  /// Answers of one kind that were not where they should be, and the first of them.
  struct Misplaced {
    std::size_t count = 0;
    std::vector<std::string> first;
    void add(const std::string& id, std::string_view text);
    std::string listed() const;
  };
  bool place(const Context& context, const std::string& id, const GivenAnswer& answer, std::vector<ByteSpan>& into);

  std::vector<Context> contexts_;
  std::map<std::string, std::size_t, std::less<>> by_text_;
  std::map<std::string, std::size_t> ids_;
  std::vector<Question> questions_;
  std::size_t answers_ = 0, without_answer_ = 0, left_out_ = 0;
  Misplaced in_bytes_, moved_, lost_, repeated_;
};

}  // namespace enxerto
