#include "enxerto/bundle/graph_json.h"

#include <gtest/gtest.h>

#include <limits>

#include "enxerto/base/base64.h"
#include "enxerto/bundle/attribute_json.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

using testing::color_graph;

std::string refusal(const Json& json, const StateDict& parameters) {
  try {
    graph_from_json(json, parameters, "graph.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_EQ(error.text().where.substr(0, 10), "graph.json");
    return error.what();
  }
  return "";
}

TEST(GraphJson, ComesBackAsItWas) {
  const Graph graph = color_graph();
  const Json json = parse_json(graph_to_json(graph).dump(), "graph.json");
  const Graph back = graph_from_json(json, graph.parameters, "graph.json");
  EXPECT_EQ(graph_to_json(back), graph_to_json(graph));
  EXPECT_EQ(back.inputs[0].shape, graph.inputs[0].shape);
  EXPECT_EQ(back.nodes[2].inputs, graph.nodes[2].inputs);
  EXPECT_EQ(back.nodes[2].stage, "head");
  EXPECT_EQ(back.parameters.at("head.weight").data(), graph.parameters.at("head.weight").data());
}

TEST(GraphJson, KeepsTheOrderOfTheParameters) {
  const Graph graph = color_graph();
  StateDict turned;
  turned.set("head.bias", graph.parameters.at("head.bias"));
  turned.set("head.weight", graph.parameters.at("head.weight"));
  EXPECT_EQ(graph_from_json(graph_to_json(graph), turned, "graph.json").parameters.begin()->first, "head.weight");
}

TEST(GraphJson, RefusesAnotherSchemaVersion) {
  Json json = graph_to_json(color_graph());
  json["schema_version"] = 2;
  EXPECT_NE(refusal(json, color_graph().parameters).find("schema version"), std::string::npos);
  json.erase("schema_version");
  EXPECT_NE(refusal(json, color_graph().parameters), "");
}

TEST(GraphJson, RefusesAnUnknownKey) {
  Json json = graph_to_json(color_graph());
  json["nodes"][0]["surprise"] = 1;
  EXPECT_NE(refusal(json, color_graph().parameters).find("'surprise'"), std::string::npos);
}

TEST(GraphJson, RefusesAParameterWithoutWeightsAndWeightsWithoutAParameter) {
  const Json json = graph_to_json(color_graph());
  StateDict parameters = color_graph().parameters;
  parameters.set("extra", Tensor::scalar(1.0F));
  EXPECT_NE(refusal(json, parameters).find("'extra'"), std::string::npos);
  parameters.erase("extra");
  parameters.erase("head.bias");
  EXPECT_NE(refusal(json, parameters).find("'head.bias'"), std::string::npos);
}

TEST(GraphJson, RefusesADanglingName) {
  Json json = graph_to_json(color_graph());
  json["nodes"][1]["inputs"][0] = "nowhere";
  EXPECT_NE(refusal(json, color_graph().parameters).find("nowhere"), std::string::npos);
}

TEST(GraphJson, RefusesAWrongTypeAnywhere) {
  const Json right = graph_to_json(color_graph());
  for (const auto& path : {"/name", "/inputs", "/outputs", "/parameters", "/nodes", "/nodes/0/name", "/nodes/0/inputs",
                           "/nodes/1/attributes", "/nodes/1/attributes/axis", "/inputs/0/shape", "/inputs/0/dtype"}) {
    Json json = right;
    json[Json::json_pointer(path)] = 1.5;
    EXPECT_NE(refusal(json, color_graph().parameters), "") << path;
  }
}

TEST(AttributeJson, EveryTypeComesBack) {
  const std::vector<Attribute> attributes{std::int64_t{-7},
                                          0.1F,
                                          std::string("SAME_UPPER"),
                                          std::vector<std::int64_t>{1, 2},
                                          std::vector<float>{0.25F, 1e-30F},
                                          Tensor::of<float>({2, 1}, {1.5F, -2})};
  for (const Attribute& attribute : attributes) {
    const Json json = parse_json(attribute_to_json(attribute).dump(), "attribute");
    const Attribute back = attribute_from_json(json, "attribute");
    ASSERT_EQ(back.index(), attribute.index());
    EXPECT_EQ(attribute_to_json(back), attribute_to_json(attribute));
  }
  const auto tensor = std::get<Tensor>(attribute_from_json(attribute_to_json(attributes[5]), "attribute"));
  EXPECT_TRUE(identical(tensor, std::get<Tensor>(attributes[5])));
  EXPECT_EQ(std::get<float>(attribute_from_json(attribute_to_json(attributes[1]), "attribute")), 0.1F);
}

TEST(AttributeJson, KeepsInfinity) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Json json = parse_json(attribute_to_json(-kInfinity).dump(), "attribute");
  EXPECT_EQ(std::get<float>(attribute_from_json(json, "attribute")), -kInfinity);
}

TEST(AttributeJson, RefusesWhatDoesNotFit) {
  for (const char* text :
       {R"({"complex": 1})", R"({"int": 1.5})", R"({"int": 18446744073709551615})", R"({"float": "x"})",
        R"({"float": 1e39})", R"({"ints": [1, "2"]})", R"({"int": 1, "float": 2})", R"(3)",
        R"({"tensor": {"dtype": "float32", "shape": [2], "data": "AAAA"}})",
        R"({"tensor": {"dtype": "float32", "shape": [-1], "data": ""}})",
        R"({"tensor": {"dtype": "float32", "shape": [9223372036854775807, 9], "data": ""}})",
        R"({"tensor": {"dtype": "float3", "shape": [1], "data": "AAAAAA=="}})",
        R"({"tensor": {"dtype": "float32", "shape": [1], "data": "AAAAAB=="}})"}) {
    EXPECT_THROW(attribute_from_json(parse_json(text, "attribute"), "attribute"), Error) << text;
  }
}

TEST(Base64, KnowsTheExamplesOfTheStandard) {
  const auto encode = [](std::string_view text) { return to_base64(std::as_bytes(std::span(text))); };
  EXPECT_EQ(encode(""), "");
  EXPECT_EQ(encode("f"), "Zg==");
  EXPECT_EQ(encode("fo"), "Zm8=");
  EXPECT_EQ(encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(from_base64("Zm8=")->size(), 2U);
  for (const char* wrong : {"Z", "Zg=", "Zh==", "Z===", "Zm=8", "Zm9 ", "===="})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

}  // namespace
}  // namespace enxerto
