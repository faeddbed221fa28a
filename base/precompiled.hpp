// What nearly every file includes and no change here touches. Compiled once.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>
#include <vector>
