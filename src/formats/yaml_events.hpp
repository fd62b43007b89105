#pragma once

#include <yaml.h>

// libyaml's parser and its events, owned. For what reads documents in this folder: yaml.cpp, and what is too large for a Document.

namespace trueup::formats {

struct ParserHandle {
  yaml_parser_t parser;
  bool ready;
  ParserHandle() : ready(yaml_parser_initialize(&parser) == 1) {}
  ~ParserHandle() {
    if (ready) yaml_parser_delete(&parser);
  }
  ParserHandle(const ParserHandle&) = delete;
  ParserHandle& operator=(const ParserHandle&) = delete;
};

/// The next event. yaml_parser_parse() clears it first, whatever comes of it.
struct EventHandle {
  yaml_event_t event;
  bool ready;
  explicit EventHandle(yaml_parser_t& parser) : ready(yaml_parser_parse(&parser, &event) == 1) {}
  ~EventHandle() { yaml_event_delete(&event); }
  EventHandle(const EventHandle&) = delete;
  EventHandle& operator=(const EventHandle&) = delete;
};

}  // namespace trueup::formats
