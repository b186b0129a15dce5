#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/input_spec.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/tensor.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/files/json.h"
#include "enxerto/media/field.h"

namespace enxerto {

struct Augmentation;
struct Piece;  // media/piece.h

/// Where the places of an example went, so that boxes, masks and spans can follow. float32; of an image (2, 3): the
/// affine map from a point of the picture, px, to a point of the input, px (a pixel's centre is at its half). Of a text
/// (tokens, 3): field, begin and end of each token, bytes. Of a clip (2): frames a second, and the first frame's place.
struct Alignment {
  Tensor map;
};

/// How an example is looked at.
struct View {
  std::string_view where;                 ///< what errors call the example
  const Augmentation* augment = nullptr;  ///< random changes; null: the plain example
  RandomKey key = {};                     ///< of those changes; its purpose is not looked at
};

/// A small rendering of an example for people to look at, as a web page embeds it.
struct Preview {
  std::string type;  ///< "image/jpeg"
  std::vector<std::byte> bytes;
};

/// What a network reads of an example, for people: what an encoding keeps, put back into words.
struct Transcript {
  std::string text = {};                         ///< decoded from the network's input, its marks included
  std::string cut_off = {};                      ///< what of the example is not in it
  std::size_t tokens = 0, cut = 0, unknown = 0;  ///< read, cut off, and read but not in the vocabulary
};

/// Where an encoded example goes: its row of a batch, or memory of its own where shapes vary.
class InputSlots {
 public:
  virtual ~InputSlots() = default;

  /// Room for input number `input` of this example, not initialised, aligned for its type; `shape` is that of the
  /// `InputSpec` with numbers where it varies.
  virtual std::span<std::byte> slot(std::size_t input, const Shape& shape) = 0;
};

/// Runs a network: tensors by the names of its inputs to those of its outputs. Safe from many threads.
using NetworkRun = std::function<TensorMap(const TensorMap&)>;
using NetworkRuns = std::map<std::string, NetworkRun, std::less<>>;

/// What turns an example's fields into the tensors that a network takes. Safe from many threads.
class Preprocessor {
 public:
  virtual ~Preprocessor() = default;

  /// What each example becomes, in the order that `encode` numbers them.
  virtual std::span<const InputSpec> inputs() const = 0;

  /// Writes each input once. The same fields, view and record give the same bytes on any thread. Throws Error{data}
  /// naming `view.where` for fields that cannot be read.
  virtual Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const = 0;

  /// Whether it divides examples that are longer than the network reads into windows, rather than cutting them.
  virtual bool divides() const;

  /// How many windows an example has, at least one: `encode` writes the one that `Field::window` of its fields names.
  /// Throws as `encode`.
  virtual std::size_t windows(std::span<const Field> example, std::string_view where) const;

  /// A made-up example that `encode` reads, the same for the same number on any machine: what a saved model is verified
  /// by, so that no example of the user's has to leave with it.
  virtual std::vector<Field> sample(std::uint64_t number) const = 0;

  /// Equal records give equal tensors: a bundle's preprocess.json, and part of every feature space.
  virtual Json record() const = 0;

  /// What the network sees of an example, at most `side` px wide and high; none where it is nothing to look at. Throws
  /// as `encode`.
  virtual std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const;

  /// What the network reads of an example; none where its input is no words. Throws as `encode`.
  virtual std::optional<Transcript> transcript(std::span<const Field> example, std::string_view where) const;

  /// The parts, in order and without overlap, that `encode` reads whole of an example that is longer than what it reads
  /// at once; one of the example itself where nothing is ever cut. Throws as `encode`.
  virtual std::vector<Piece> pieces(std::span<const Field> example, std::string_view where) const;

  /// Throws what `encode` throws for an example whose files are damaged; may look at less than all of it.
  virtual void check_readable(std::span<const Field> example, std::string_view where) const;

  /// The input in a few words, as cache and reports show it: "224 px".
  virtual std::string summary() const;

  /// The members of `augmentation` that change what `encode` gives, by name, without those that are off; empty where
  /// nothing does. Throws Error{usage} for one that is out of range, or that this preprocessor does not have.
  virtual Json random_changes(const Augmentation& augmentation) const;

  /// The random changes that presets train with: those that leave the meaning of most such examples; none where there
  /// is no custom.
  virtual Augmentation usual_augmentation() const;

  /// The networks that it looks with before it encodes, by name; none for most.
  virtual std::vector<std::string> networks() const;

  /// The same with those at hand; `encode` of one that has some throws Error{other} until it has them.
  virtual std::shared_ptr<const Preprocessor> with_networks(const NetworkRuns& runs) const;
};
using PreprocessorPtr = std::shared_ptr<const Preprocessor>;

/// A row of the table of preprocessors. A record's "kind" says which row reads it; a record without one is an image's.
struct PreprocessorKind {
  std::string_view name;  ///< lives as long as the program
  /// Throws Error{data} naming `where` and the member that is missing, unknown or out of range.
  PreprocessorPtr (*from_record)(const Json& record, std::string_view where);
};

/// The rows, in the order in which they came: this library's, then a program's own.
std::vector<PreprocessorKind> preprocessor_kinds();

/// Adds a row, for a program with a preprocessor of its own: from then on saved models, recipes and caches with records
/// of that kind are read. Safe from many threads. Throws Error{usage} where there is one of that name.
void add_preprocessor_kind(const PreprocessorKind& kind);

/// Memory of its own for each input of one example.
class OwnSlots final : public InputSlots {
 public:
  explicit OwnSlots(std::span<const InputSpec> specs) : specs_(specs), tensors_(specs.size()) {}
  std::span<std::byte> slot(std::size_t input, const Shape& shape) override;

  /// What was written, in the order of the specs; for one call.
  std::vector<Tensor> take();

 private:
  std::span<const InputSpec> specs_;
  std::vector<std::optional<TensorBuffer>> tensors_;
};

/// Throws Error{data} naming `where` unless `shape` is one that `spec` allows.
void check_shape(const InputSpec& spec, const Shape& shape, std::string_view where);

/// The opposite of `Preprocessor::record`. Throws Error{data} naming `where` and what is wrong.
PreprocessorPtr preprocessor_from_record(const Json& record, std::string_view where);

/// The one whose record is that of `own` after a JSON merge patch (RFC 7396). Throws as `preprocessor_from_record`.
PreprocessorPtr patched(const Preprocessor& own, const Json& patch, std::string_view where);

/// The member "size" of the record, px: the side of the square that a picture becomes; 0 where there is none.
int input_size(const Preprocessor& preprocessor);

}  // namespace enxerto
