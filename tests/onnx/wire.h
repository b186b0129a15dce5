#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto::wire {

/// A protobuf message, written field by field, so that tests can say what no writer of models would.
class Message {
 public:
  Message& number(int field, std::uint64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3U);
    varint(value);
    return *this;
  }
  Message& real(int field, float value) {
    varint((static_cast<std::uint64_t>(field) << 3U) | 5U);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  Message& text(int field, std::string_view value) {
    varint((static_cast<std::uint64_t>(field) << 3U) | 2U);
    varint(value.size());
    bytes_.append(value);
    return *this;
  }
  Message& message(int field, const Message& value) { return text(field, value.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

/// The field numbers are those of onnx.proto.
inline constexpr int kFloat = 1, kInt64 = 7, kFloat16 = 10;

inline Message raw_tensor(const std::string& name, std::initializer_list<std::int64_t> dims, std::string_view raw) {
  Message tensor;
  for (const std::int64_t dim : dims) tensor.number(1, static_cast<std::uint64_t>(dim));
  return tensor.number(2, kFloat).text(8, name).text(9, raw);
}

inline Message floats(const std::string& name, std::initializer_list<std::int64_t> dims, std::vector<float> values) {
  return raw_tensor(name, dims, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
}

/// A size below 0 stands for the symbol "n".
inline Message value(const std::string& name, std::initializer_list<std::int64_t> dims, int type = kFloat) {
  Message shape;
  for (const std::int64_t dim : dims)
    shape.message(1, dim < 0 ? Message().text(2, "n") : Message().number(1, static_cast<std::uint64_t>(dim)));
  const Message tensor = Message().number(1, static_cast<std::uint64_t>(type)).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor));
}

struct NodeText {
  std::string op;
  std::vector<std::string> inputs, outputs;
  std::vector<Message> attributes = {};
  std::string name = {};
  std::string domain = {};
};

inline Message node(const NodeText& text) {
  Message message;
  for (const std::string& input : text.inputs) message.text(1, input);
  for (const std::string& output : text.outputs) message.text(2, output);
  message.text(3, text.name.empty() ? text.outputs.front() + "_node" : text.name).text(4, text.op);
  for (const Message& attribute : text.attributes) message.message(5, attribute);
  return text.domain.empty() ? message : message.text(7, text.domain);
}

inline Message int_attribute(const std::string& name, std::int64_t number) {
  return Message().text(1, name).number(3, static_cast<std::uint64_t>(number)).number(20, 2);
}
inline Message float_attribute(const std::string& name, float number) {
  return Message().text(1, name).real(2, number).number(20, 1);
}
inline Message ints_attribute(const std::string& name, std::initializer_list<std::int64_t> numbers) {
  Message attribute;
  attribute.text(1, name);
  for (const std::int64_t number : numbers) attribute.number(8, static_cast<std::uint64_t>(number));
  return attribute.number(20, 7);
}

inline Message strings_attribute(const std::string& name, const std::vector<std::string>& texts) {
  Message attribute;
  attribute.text(1, name);
  for (const std::string& text : texts) attribute.text(9, text);
  return attribute.number(20, 8);
}

struct GraphText {
  std::vector<NodeText> nodes;
  std::vector<Message> initializers = {};
  std::vector<Message> inputs = {value("x", {-1, 4})};
  std::vector<Message> outputs = {value("y", {-1, 4})};
};

inline Message graph(const GraphText& text) {
  Message message;
  for (const NodeText& entry : text.nodes) message.message(1, node(entry));
  message.text(2, "net");
  for (const Message& tensor : text.initializers) message.message(5, tensor);
  for (const Message& input : text.inputs) message.message(11, input);
  for (const Message& output : text.outputs) message.message(12, output);
  return message;
}

inline Message model(const GraphText& text, std::int64_t opset = 20) {
  return Message()
      .number(1, 8)
      .message(7, graph(text))
      .message(8, Message().number(2, static_cast<std::uint64_t>(opset)));
}

}  // namespace enxerto::wire
