// Texts: errors for the user, files with lines `name = value  # remark`, numbers, and the name most like another.
#ifndef JUPYSPIKE_TEXT_H
#define JUPYSPIKE_TEXT_H

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

// Something that the user can mend: it is told, and the program ends with exit code 2.
struct jsp_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline std::string jsp_trimmed(const std::string &text) {
    const size_t begin = text.find_first_not_of(" \t\r"), end = text.find_last_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

// A real number, all of the text.
inline bool jsp_number(const std::string &text, double &number) {
    char *end = nullptr;
    number = strtod(text.c_str(), &end);
    return !text.empty() && *end == 0;
}

// A whole number from 0 to 2**64 - 1, all of the text.
inline bool jsp_whole_number(const std::string &text, uint64_t &number) {
    if (text.empty() || text.size() > 20 || text.find_first_not_of("0123456789") != std::string::npos) return false;
    number = 0;
    for (const char digit : text) {
        const uint64_t next = 10 * number + (uint64_t)(digit - '0');
        if (number > UINT64_MAX / 10 || next < 10 * number) return false;
        number = next;
    }
    return true;
}

// The shortest text of a number that is read as the same number again.
inline std::string jsp_shown(double number) {
    char text[40];
    for (int digits = 6; digits <= 17; ++digits) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, nullptr) == number) break;
    }
    return text;
}

// How many letters have to be put in, left out or replaced to make one word of another.
inline size_t jsp_distance(const std::string &one, const std::string &other) {
    std::vector<size_t> row(other.size() + 1);
    for (size_t k = 0; k < row.size(); ++k) row[k] = k;
    for (size_t i = 1; i <= one.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k < row.size(); ++k) {
            const size_t replaced = diagonal + (one[i - 1] != other[k - 1]);
            diagonal = row[k];
            row[k] = std::min(replaced, 1 + std::min(row[k], row[k - 1]));
        }
    }
    return row.back();
}

// Whether two words are the same but for capital letters.
inline bool jsp_same_letters(const std::string &one, const std::string &other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// `; did you mean 'x'?` for the name most like another one, or nothing.
inline std::string jsp_nearest(const std::string &name, const std::vector<std::string> &names) {
    std::string best;
    size_t least = 2 + name.size() / 4;
    for (const std::string &candidate : names) {
        const size_t distance = jsp_same_letters(name, candidate) ? 0 : jsp_distance(name, candidate);
        if (distance < least) least = distance, best = candidate;
    }
    return best.empty() ? "" : "; did you mean '" + best + "'?";
}

// A file of lines `name = value  # remark`.
class jsp_texts {
  public:
    explicit jsp_texts(const std::filesystem::path &path) : path_(path) {
        std::ifstream file(path);
        if (!file) throw jsp_error("the file " + path.string() + " cannot be read");
        std::string line;
        for (int number = 1; std::getline(file, line); ++number) {
            line = jsp_trimmed(line.substr(0, line.find('#')));
            const size_t equal = line.find('=');
            if (line.empty()) continue;
            if (equal == std::string::npos)
                throw jsp_error(path.string() + ", line " + std::to_string(number) + ": expected 'name = value'");
            texts_[jsp_trimmed(line.substr(0, equal))] = jsp_trimmed(line.substr(equal + 1));
        }
    }

    const std::map<std::string, std::string> &all() const { return texts_; }

    double real(const std::string &name) const {
        double number;
        if (!jsp_number(text(name), number)) wrong(name, "a number");
        return number;
    }
    uint64_t whole(const std::string &name) const {
        uint64_t number;
        if (!jsp_whole_number(text(name), number)) wrong(name, "a whole number");
        return number;
    }
    int64_t count(const std::string &name) const { return (int64_t)whole(name); }

  private:
    const std::string &text(const std::string &name) const {
        const auto found = texts_.find(name);
        if (found == texts_.end()) throw jsp_error(path_.string() + " does not say what '" + name + "' is");
        return found->second;
    }
    [[noreturn]] void wrong(const std::string &name, const std::string &expected) const {
        throw jsp_error(path_.string() + ": the value of '" + name + "' must be " + expected + ", not '" + text(name) +
                        "'");
    }

    std::filesystem::path path_;
    std::map<std::string, std::string> texts_;
};

#endif
