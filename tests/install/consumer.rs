// Plain FFI from Rust: no crate, link flags from pkg-config.
use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};

#[repr(C)]
struct Activation {
    _private: [u8; 0],
}

extern "C" {
    fn act_activation_create_from_spec(out: *mut *mut Activation, spec: *const c_char) -> i32;
    fn act_activation_destroy(a: *mut Activation);
    fn act_forward_1d(a: *const Activation, dtype: i32, x: *const c_void, y: *mut c_void, n: i64) -> i32;
    fn act_backward_1d(a: *mut Activation, dtype: i32, x: *const c_void, dy: *const c_void, dx: *mut c_void, n: i64) -> i32;
    fn act_last_error() -> *const c_char;
}

const FLOAT64: i32 = 2;

fn check(status: i32) -> Result<(), String> {
    if status == 0 {
        return Ok(());
    }
    Err(unsafe { CStr::from_ptr(act_last_error()) }.to_string_lossy().into_owned())
}

struct Owned(*mut Activation);

impl Owned {
    fn new(spec: &str) -> Result<Self, String> {
        let spec = CString::new(spec).unwrap();
        let mut raw = std::ptr::null_mut();
        check(unsafe { act_activation_create_from_spec(&mut raw, spec.as_ptr()) })?;
        Ok(Owned(raw))
    }

    fn forward(&self, x: &[f64]) -> Result<Vec<f64>, String> {
        let mut y = vec![f64::NAN; x.len()];
        check(unsafe { act_forward_1d(self.0, FLOAT64, x.as_ptr().cast(), y.as_mut_ptr().cast(), x.len() as i64) })?;
        Ok(y)
    }

    fn backward(&self, x: &[f64], dy: &[f64]) -> Result<Vec<f64>, String> {
        let mut dx = vec![f64::NAN; x.len()];
        let (px, pdy, pdx) = (x.as_ptr().cast(), dy.as_ptr().cast(), dx.as_mut_ptr().cast());
        check(unsafe { act_backward_1d(self.0, FLOAT64, px, pdy, pdx, x.len() as i64) })?;
        Ok(dx)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        unsafe { act_activation_destroy(self.0) }
    }
}

fn main() -> Result<(), String> {
    let x: Vec<f64> = (-50..=50).map(|i| i as f64 / 10.0).collect();
    let dy = vec![2.0; x.len()];
    let tanh = Owned::new("tanh")?;
    let (y, dx) = (tanh.forward(&x)?, tanh.backward(&x, &dy)?);
    for i in 0..x.len() {
        assert!((y[i] - x[i].tanh()).abs() <= 1e-15, "tanh({}) = {}", x[i], y[i]);
        assert!((dx[i] - 2.0 / x[i].cosh().powi(2)).abs() <= 1e-14, "tanh'({}) = {}", x[i], dx[i]);
    }
    assert!(Owned::new("no_such_function").is_err());
    println!("ok");
    Ok(())
}
