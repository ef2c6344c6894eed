// Arrays in files of numpy's format .npy, versions 1 to 3 (numpy.lib.format), for little-endian machines.
#ifndef JUPYSPIKE_NPY_H
#define JUPYSPIKE_NPY_H

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "jupyspike_text.h"

// Calls a function with a value of the C++ type that numpy's name of a type stands for.
template <class F> auto jsp_with_type(const std::string &type, F function) {
    if (type == "<f8") return function(double());
    if (type == "<f4") return function(float());
    if (type == "<i8") return function(int64_t());
    if (type == "<i4") return function(int32_t());
    if (type == "<i2") return function(int16_t());
    if (type == "|i1") return function(int8_t());
    if (type == "<u8") return function(uint64_t());
    if (type == "<u4") return function(uint32_t());
    if (type == "<u2") return function(uint16_t());
    if (type == "|u1") return function(uint8_t());
    if (type == "|b1") return function(bool());
    throw jsp_error("numbers of the type '" + type + "' cannot be read; real numbers, integers and booleans can");
}

// An array in memory: `bytes` has room for at least one value.
struct jsp_array {
    std::string type = "<f8";
    std::vector<int64_t> shape{0};
    std::vector<char> bytes = std::vector<char>(16);

    jsp_array() = default;
    jsp_array(const std::string &numpy_type, const std::vector<int64_t> &dimensions)
        : type(numpy_type), shape(dimensions) {
        bytes.assign((size_t)(size() + 1) * jsp_with_type(type, [](auto value) { return sizeof value; }), 0);
    }

    int64_t size() const {
        int64_t product = 1;
        for (const int64_t length : shape) product *= length;
        return product;
    }
    template <class T> T *as() { return reinterpret_cast<T *>(bytes.data()); }
    template <class T> const T *as() const { return reinterpret_cast<const T *>(bytes.data()); }
    double number(int64_t k) const {
        return jsp_with_type(type, [&](auto value) { return (double)as<decltype(value)>()[k]; });
    }
};

// Whether a number can be kept in a type without becoming another one (real numbers may be rounded).
template <class T> bool jsp_fits(double number) {
    if constexpr (std::is_same_v<T, bool>) return number == 0.0 || number == 1.0;
    else if constexpr (std::is_integral_v<T>)
        return std::floor(number) == number && number >= (double)std::numeric_limits<T>::min() &&
               number < std::ldexp(1.0, std::numeric_limits<T>::digits);
    else return true;
}

inline std::string jsp_between(const std::string &text, const std::string &before, const std::string &behind) {
    const size_t begin = text.find(before);
    if (begin == std::string::npos) return "";
    const size_t from = begin + before.size(), end = text.find(behind, from);
    return end == std::string::npos ? "" : text.substr(from, end - from);
}

inline jsp_array jsp_read(const std::filesystem::path &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw jsp_error("the file " + path.string() + " cannot be read");
    char magic[8], length[4] = {0, 0, 0, 0};
    file.read(magic, 8);
    if (!file || memcmp(magic, "\x93NUMPY", 6) != 0) throw jsp_error(path.string() + " is not a .npy file");
    file.read(length, magic[6] == 1 ? 2 : 4);
    uint32_t size;
    memcpy(&size, length, sizeof size);
    std::string header(size, ' ');
    file.read(header.data(), (std::streamsize)size);
    if (!file || size > (1u << 20)) throw jsp_error(path.string() + " ends within its header");
    const std::string type = jsp_between(header, "'descr': '", "'");
    std::string shape = jsp_between(header, "'shape': (", ")");
    std::vector<int64_t> dimensions;
    for (char *at = shape.data(), *end = at; *at; at = *end ? end + 1 : end) {
        const int64_t dimension = strtoll(at, &end, 10);
        if (end == at) break;
        dimensions.push_back(dimension);
    }
    if (dimensions.size() > 1 && header.find("'fortran_order': True") != std::string::npos)
        throw jsp_error(path.string() + " holds its values column by column; save numpy.ascontiguousarray(values)");
    jsp_array array(type, dimensions);
    const size_t item = jsp_with_type(type, [](auto value) { return sizeof value; });
    file.read(array.bytes.data(), (std::streamsize)((size_t)array.size() * item));
    if (!file) throw jsp_error(path.string() + " ends within its values");
    return array;
}

// Writes rows as they come. The header counts those that are settled: the file can be read whenever the program ends.
class jsp_writer {
  public:
    // `width` is the number of values in a row, or ONE for an array with one dimension.
    enum : int64_t { ONE = -1 };
    jsp_writer(const std::filesystem::path &path, const std::string &type, int64_t width)
        : path_(path), type_(type), width_(width), file_(path, std::ios::binary) {
        settle();
    }

    void write(const void *values, int64_t rows) {
        const size_t item = jsp_with_type(type_, [](auto value) { return sizeof value; });
        errno = 0;
        file_.write((const char *)values, (std::streamsize)((size_t)(rows * (width_ == ONE ? 1 : width_)) * item));
        file_.flush();
        expect_written();
        rows_ += rows;
    }

    // More can be written behind this.
    void settle() {
        const std::string shape = std::to_string(rows_) + (width_ == ONE ? "," : ", " + std::to_string(width_));
        std::string header = "{'descr': '" + type_ + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        header.resize(117, ' ');
        header += '\n';
        const char begin[] = "\x93NUMPY\x01\x00\x76";  // version 1.0, the header has 118 bytes
        file_.seekp(0);
        file_.write(begin, 10);
        file_ << header;
        file_.seekp(0, std::ios::end);
        file_.flush();
        expect_written();
    }

  private:
    void expect_written() const {
        if (file_) return;
        const std::string reason = errno ? std::string(": ") + std::strerror(errno) : "";
        throw jsp_error("the file " + path_.string() + " cannot be written" + reason);
    }

    std::filesystem::path path_;
    std::string type_;
    int64_t width_, rows_ = 0;
    std::ofstream file_;
};

inline void jsp_write(const std::filesystem::path &path, const jsp_array &array) {
    jsp_writer writer(path, array.type, jsp_writer::ONE);
    writer.write(array.bytes.data(), array.size());
    writer.settle();
}

#endif
